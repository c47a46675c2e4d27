package dev.wspool.samples.android

import android.app.Activity
import android.app.Application
import android.os.Bundle
import kotlinx.coroutines.flow.StateFlow

/** The app's life as the platform tells it; with androidx it is `ProcessLifecycleOwner`. */
internal class StartedActivities : Application.ActivityLifecycleCallbacks {
    private val count = ForegroundCount()

    val isForeground: StateFlow<Boolean> get() = count.isForeground

    override fun onActivityStarted(activity: Activity) = count.started()

    override fun onActivityStopped(activity: Activity) = count.stopped()

    override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit

    override fun onActivityResumed(activity: Activity) = Unit

    override fun onActivityPaused(activity: Activity) = Unit

    override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit

    override fun onActivityDestroyed(activity: Activity) = Unit
}
